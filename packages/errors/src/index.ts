export { AppError, type AppErrorOptions, type ErrorCode, errorCodes } from './app-error.ts';
export { UserError, UserErrorCode } from './user-error.ts';
