import type { Failure } from './account.ts';

/** How Paytm says what came of a call; the HTTP status is 200 whatever it is. */
export interface ResultInfo {
  resultStatus: string;
  resultCode: string;
  resultMsg: string;
}

/** A call that Paytm turns down, in its own words. */
export class PaytmRefusal extends Error {
  readonly info: ResultInfo;

  constructor(info: ResultInfo) {
    super(info.resultMsg);
    this.info = info;
  }
}

function toInfo(resultStatus: string) {
  return (resultCode: string, resultMsg: string): ResultInfo => ({ resultStatus, resultCode, resultMsg });
}

const failed = toInfo('F');
const txnFailed = toInfo('TXN_FAILURE');

/** Paytm's answers by name (https://www.paytmpayments.com/docs/api/). */
export const results = {
  initiated: toInfo('S')('0000', 'Success'),
  initiatedBefore: toInfo('S')('0002', 'Success Idempotent'),
  parametersInvalid: failed('1001', 'Request parameters are not valid'),
  checksumInvalid: failed('2005', 'Checksum provided is invalid'),
  sessionExpired: failed('1006', 'Your Session has expired.'),
  midMismatch: failed('2013', 'Mid in the query param doesn’t match with the Mid send in the request'),
  orderMismatch: failed(
    '2014',
    'OrderId in the query param doesn’t match with the OrderId send in the request',
  ),
  repeatInconsistent: failed('2023', 'Repeat Request Inconsistent'),
  retryCountExceeded: failed('372', 'Retry count breached'),
  paid: toInfo('TXN_SUCCESS')('01', 'Txn Success'),
  pending: toInfo('PENDING')(
    '402',
    'Looks like the payment is not complete. Please wait while we confirm the status with your bank.',
  ),
  noRecord: toInfo('NO_RECORD_FOUND')('331', 'No Record Found'),
  orderUnknown: txnFailed('334', 'Invalid Order ID.'),
  merchantUnknown: txnFailed('335', 'Invalid MID.'),
  systemError: toInfo('U')('501', 'System Error'),
  refundAccepted: toInfo('PENDING')(
    '601',
    'Refund request was raised for this transaction. But it is pending state',
  ),
  refunded: toInfo('TXN_SUCCESS')('10', 'Refund Successfull'),
  refundFailed: txnFailed('620', 'Refund failed at the bank'),
  refundInvalid: txnFailed('600', 'Invalid refund request'),
  refundOrderUnknown: txnFailed('607', 'Refund can not be initiated: the order does not exist'),
  refundedFully: txnFailed('610', 'The transaction has been refunded fully'),
  refundRaised: txnFailed('617', 'Refund Already Raised'),
  refundAmountInvalid: txnFailed('619', 'Invalid refund amount'),
  refundUnknown: txnFailed('800', 'No refund record found'),
  qrCreated: toInfo('SUCCESS')('QR_0001', 'SUCCESS'),
  qrExpiryPast: toInfo('FAILURE')('QR_1018', 'Expiry date should be in the future'),
  qrDuplicate: toInfo('FAILURE')('QR_1020', 'A QR code was made for this order already'),
} as const satisfies Record<string, ResultInfo>;

/** The result of a payment that failed. */
export function toFailedInfo(failure: Failure): ResultInfo {
  return txnFailed(failure.code, failure.message);
}
