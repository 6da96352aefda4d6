import * as z from 'zod';

import { block, bytes, cores } from '../fields';
import { must } from '../problems';

const amounts = block('{ cpu, memory }', { cpu: cores.optional(), memory: bytes.optional() });

/** See {@link ResourcesProps}; what is left out is filled in by `resources.ts`. */
export const resources = block('{ requests, limits }', { requests: amounts.optional(), limits: amounts.optional() });

/** An image, by tag or by digest. */
export const image = z
  .string({ error: must('an image with a tag or a digest') })
  .regex(/^[^\s:@]+(:\d+)?[^\s:@]*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/, {
    error: must('an image with a tag or a digest, like "registry.example/valkey:8.1"'),
  })
  .refine((value) => /(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/.test(value) && !value.endsWith(':latest'), {
    error: must('an image with a tag or a digest', 'no tag and "latest" mean another version every other day'),
  });

/** See {@link AgentProps}. */
export const agent = block('{ image, resources }', { image: image.optional(), resources: resources.default({}) });
