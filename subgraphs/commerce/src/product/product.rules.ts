/** Whether a text can name a product in addresses: lower-case letters, digits and single hyphens between them. */
export function isSlug(text: string): boolean {
  return /^[a-z\d]+(-[a-z\d]+)*$/.test(text);
}
