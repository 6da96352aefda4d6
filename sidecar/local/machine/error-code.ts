/** The code of a system error, as `ENOENT`; undefined for other errors. */
export const errorCode = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;
