import { z } from 'zod';

const expected = 'a plain file name that ends in .json (no folder, no ..)';

/** The name of a file_sd file: no folders in it, so that it cannot leave `delivery.dir`. */
export const fileNameField = z
  .string(expected)
  .max(200, `${expected} of at most 200 characters`)
  .regex(/^(?!\.)(?!.*\.\.)[^/\\\p{Cc}]+\.json$/u, expected);
