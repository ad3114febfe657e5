/** Now, as Razorpay writes it: whole seconds since 1970. */
export function unixNow(): number {
  return Math.floor(Date.now() / 1000);
}
