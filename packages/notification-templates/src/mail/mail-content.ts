/** What a mail says, without looks. Text and HTML are both made from it, so they say the same. */
export interface MailContent {
  readonly subject: string;
  /** Above the text, in HTML only. */
  readonly heading: string;
  /** The first sentence; programs show it beside the subject. */
  readonly lead: string;
  /** A code to copy. In HTML it is set large; `lead` says it too. */
  readonly code?: string;
  /** Pairs of name and value. */
  readonly rows?: readonly (readonly [name: string, value: string])[];
  readonly button?: { readonly label: string; readonly link: string };
  /** Further paragraphs. */
  readonly notes?: readonly string[];
}
