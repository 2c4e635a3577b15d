import { z } from 'zod';
import { isHost } from '../node-address.ts';
import { filePath, flag, section, wholeNumber } from './fields.ts';

const listenExpected = "an IP address or a host name of this machine, or '' for every address";

/** `http`: what this process serves. */
export const httpSchema = section({
  host: z
    .string(listenExpected)
    .refine((text) => text === '' || isHost(text), listenExpected)
    .default('')
    .describe('The address to listen on. Empty: every address.'),
  port: wholeNumber(0, 65_535, 'a port number')
    .default(8801)
    .describe('The port to listen on. 0: any free port.'),
  enable_lifecycle: flag
    .default(false)
    .describe('Allows what changes things over HTTP, such as POST /-/reload.'),
  web_config_file: filePath.optional().describe("TLS and users, in Prometheus' web.config.yml format."),
});
