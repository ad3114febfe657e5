/** A template cannot be rendered. The message names the template and the field, never the value. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly code: 'UNKNOWN_TEMPLATE' | 'CHANNEL_NOT_OFFERED' | 'INVALID_VARIABLES';

  constructor(code: TemplateError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
