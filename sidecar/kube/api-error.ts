/** The API server has answered, and said no. Every other error of a call means that nobody knows what became of it. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  /**
   * @param call method and path
   * @param status HTTP status: 401 not known, 403 not allowed, 404 not there, 409 changed by somebody else or there already
   * @param reason the API's word for it: `Conflict`, `AlreadyExists`
   * @param explanation the API's sentence
   */
  constructor(
    call: string,
    readonly status: number,
    readonly reason: string,
    explanation: string,
  ) {
    super(`${call}: ${status} ${reason}: ${explanation}`);
  }
}

/** Whether the API server answered with that status. */
export const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof ApiError && error.status === status;
