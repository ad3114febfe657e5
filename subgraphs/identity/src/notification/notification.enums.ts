import { registerEnumType } from 'type-graphql';
import { DevicePlatform, NotificationChannel, NotificationStatus } from '../generated/prisma/enums.ts';

registerEnumType(NotificationChannel, {
  name: 'NotificationChannel',
  description: 'How a message travels.',
  valuesConfig: {
    SMS: { description: 'A text message to a phone.' },
    EMAIL: { description: 'A mail.' },
    PUSH: { description: 'A push message to an app.' },
  },
});

registerEnumType(NotificationStatus, {
  name: 'NotificationStatus',
  description: 'Where a message stands.',
  valuesConfig: {
    QUEUED: { description: 'It waits for its turn, for the end of quiet hours or for the next attempt.' },
    SENDING: { description: 'It was handed to a vendor whose answer is not known yet.' },
    SENT: { description: 'A vendor took it.' },
    FAILED: { description: 'The destination cannot be reached.' },
    DEAD: { description: 'It was given up after many attempts; replayNotification tries again.' },
    EXPIRED: { description: 'Its time was over before it could be sent.' },
    SUPPRESSED: { description: 'It was not sent on purpose: switched off by the person, or over a limit.' },
  },
});

registerEnumType(DevicePlatform, {
  name: 'DevicePlatform',
  description: 'What an app runs on.',
  valuesConfig: {
    ANDROID: { description: 'Android.' },
    IOS: { description: 'iOS.' },
    WEB: { description: 'A browser.' },
  },
});

export { DevicePlatform, NotificationChannel, NotificationStatus };
