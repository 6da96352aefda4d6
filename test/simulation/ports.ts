import { ports } from '../../lib/contract/names';

/** Every pod has an address of its own, so that all listen on the same ports. */
export const clientPort = ports.client;
export const busPort = ports.bus;
export const agentPort = ports.agent;
