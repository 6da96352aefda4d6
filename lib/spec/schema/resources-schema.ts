import * as z from 'zod';

import { block, bytes, cores } from '../fields';
import { must } from '../problems';

const amounts = block('{ cpu, memory }', { cpu: cores.optional(), memory: bytes.optional() });

/** See {@link ResourcesProps}; what is left out is filled in by `resources.ts`. */
export const resources = block('{ requests, limits }', { requests: amounts.optional(), limits: amounts.optional() });

const part = '[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*';

/** Registry, repository, tag and digest: https://pkg.go.dev/github.com/distribution/reference */
const imageForm = new RegExp(
  `^([A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:\\d+)?/)?${part}(/${part})*(:[\\w][\\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$`,
);

/** An image, by tag or by digest. */
export const image = z
  .string({ error: must('an image with a tag or a digest') })
  .regex(imageForm, {
    error: must('an image with a tag or a digest, like "registry.example/valkey:8.1"'),
  })
  .refine((value) => /(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/.test(value) && !value.endsWith(':latest'), {
    error: must('an image with a tag or a digest', 'no tag and "latest" mean another version every other day'),
  });

/** See {@link AgentProps}. */
export const agent = block('{ image, resources }', { image: image.optional(), resources: resources.default({}) });
