const DETAIL = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

/** A refusal in the shape of Google's APIs (https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode). */
export class FcmError extends Error {
  readonly status: number;
  private readonly rpcStatus: string;
  private readonly details: object[];

  constructor(fields: { status: number; rpcStatus: string; message: string; details?: object[] }) {
    super(fields.message);
    this.status = fields.status;
    this.rpcStatus = fields.rpcStatus;
    this.details = fields.details ?? [];
  }

  toBody(): object {
    const { status, rpcStatus, message, details } = this;
    return {
      error: { code: status, message, status: rpcStatus, ...(details.length > 0 && { details }) },
    };
  }
}

const fcmDetail = (errorCode: string) => ({ '@type': DETAIL, errorCode });

export const fcmErrors = {
  unauthenticated: () =>
    new FcmError({
      status: 401,
      rpcStatus: 'UNAUTHENTICATED',
      message: 'Request had invalid authentication credentials.',
    }),
  notFound: () => new FcmError({ status: 404, rpcStatus: 'NOT_FOUND', message: 'Not found.' }),
  invalid: (field: string) =>
    new FcmError({
      status: 400,
      rpcStatus: 'INVALID_ARGUMENT',
      message: `Invalid value at '${field}'.`,
      details: [
        fcmDetail('INVALID_ARGUMENT'),
        { '@type': BAD_REQUEST, fieldViolations: [{ field, description: 'Invalid value.' }] },
      ],
    }),
  unregistered: () =>
    new FcmError({
      status: 404,
      rpcStatus: 'NOT_FOUND',
      message: 'Requested entity was not found.',
      details: [fcmDetail('UNREGISTERED')],
    }),
  quotaExceeded: () =>
    new FcmError({
      status: 429,
      rpcStatus: 'RESOURCE_EXHAUSTED',
      message: 'Quota exceeded.',
      details: [fcmDetail('QUOTA_EXCEEDED')],
    }),
  internal: () =>
    new FcmError({
      status: 500,
      rpcStatus: 'INTERNAL',
      message: 'Internal error encountered.',
      details: [fcmDetail('INTERNAL')],
    }),
};
