import type { Channel } from '@suvidha/notification-templates';

/** Where a message goes. */
export interface Destination {
  readonly channel: Channel;
  /** Phone number in E.164 form, e-mail address or push token. */
  readonly address: string;
}

/** The destination as staff and whoever asked may see it: `+91*****3210`, `u***@example.com`, `***x7Qz`. */
export function maskDestination({ channel, address }: Destination): string {
  switch (channel) {
    case 'SMS':
      return `${address.slice(0, 3)}*****${address.slice(-4)}`;
    case 'EMAIL':
      return `${address.slice(0, 1)}***${address.slice(address.lastIndexOf('@'))}`;
    case 'PUSH':
      return `***${address.slice(-4)}`;
  }
}
