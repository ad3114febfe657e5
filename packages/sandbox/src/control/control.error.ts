/** A refusal of the control API: names the field at fault and the rule it broke, never the value. */
export class ControlError extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string;
  readonly rule: string;

  constructor(fields: { status: number; code: string; field: string; rule: string }) {
    super(`${fields.code}: ${fields.field} ${fields.rule}`);
    this.status = fields.status;
    this.code = fields.code;
    this.field = fields.field;
    this.rule = fields.rule;
  }

  toBody(): { error: { code: string; field: string; rule: string } } {
    return { error: { code: this.code, field: this.field, rule: this.rule } };
  }
}
