export { createFormats, defaultTimeZone, type Formats } from './formats.ts';
export {
  type Category,
  type Channel,
  categories,
  channels,
  type EmailMessage,
  type Locale,
  locales,
  type MessageByChannel,
  type PushMessage,
  type SmsMessage,
} from './message.ts';
export { createPreviews, listSmsRegistrations, type Preview, type SmsRegistration } from './previews.ts';
export {
  type ChannelOf,
  categoryOf,
  channelsOf,
  checkVariables,
  getSmsPattern,
  type RenderOptions,
  render,
  renderStored,
  type StoredTemplate,
  type TemplateName,
  templateNames,
  type VariablesOf,
} from './render.ts';
export { TemplateError } from './template.error.ts';
