import { type ConfigOf, kinds, variable } from '@suvidha/config';
import { z } from 'zod';
import type { MasterKey } from './keys/master-keys.ts';

/** `id:key` pairs separated by commas; the current one first. */
const masterKeys = z.string().transform((text, context): [MasterKey, ...MasterKey[]] => {
  const [first, ...rest] = text.split(',').map(toMasterKey);
  const ids = new Set([first, ...rest].map((key) => key?.id));
  if (first && rest.every((key) => key !== null) && ids.size === rest.length + 1) return [first, ...rest];
  context.addIssue({
    code: 'custom',
    message: 'must be id:key pairs, each key 32 random bytes in base64, each id once',
  });
  return z.NEVER;
});

function toMasterKey(pair: string): MasterKey | null {
  const match = /^([\w-]{1,32}):([A-Za-z0-9+/]{43}=)$/.exec(pair.trim());
  return match?.[1] && match[2] ? { id: match[1], key: Buffer.from(match[2], 'base64') } : null;
}

const urlKeys = z.string().transform((text, context): [Buffer, ...Buffer[]] => {
  const [first, ...rest] = text.split(',').map((key) => Buffer.from(key.trim(), 'base64'));
  if (first && [first, ...rest].every(({ length }) => length === 32)) return [first, ...rest];
  context.addIssue({
    code: 'custom',
    message: 'must be keys of 32 random bytes in base64, separated by commas',
  });
  return z.NEVER;
});

const optional = z.string().min(1).optional();

/** The variables of files. All but the public address are the same for every subgraph that keeps some. */
export function fileVariables(subgraph: string) {
  return {
    files: {
      publicUrl: variable(`${subgraph.toUpperCase()}_PUBLIC_URL`, kinds.url, {
        description: `Public address of the ${subgraph} subgraph's own routes, for signed addresses of files.`,
        example: `http://localhost:4000/${subgraph}`,
      }),
      masterKeys: variable('FILE_MASTER_KEYS', masterKeys, {
        description:
          'Keys that wrap the keys of files, as id:key pairs separated by commas; the current one first, older ones until all is wrapped anew.',
      }),
      urlKeys: variable('FILE_URL_KEYS', urlKeys, {
        description: 'Keys that sign addresses of files, separated by commas; the first one signs.',
      }),
      directory: variable('FILE_DIRECTORY', optional, {
        description: 'Folder for files. Absent: they are kept in the S3 bucket.',
        example: '.data/files',
      }),
      scannerHost: variable('CLAMD_HOST', optional, {
        description: 'Host of a ClamAV daemon that scans uploads. Absent: uploads are not scanned.',
        example: '127.0.0.1',
      }),
      scannerPort: variable('CLAMD_PORT', kinds.port.default(3310), {
        description: 'Port of the ClamAV daemon.',
        example: '3310',
      }),
    },
    s3: {
      endpoint: variable('S3_ENDPOINT', kinds.url.optional(), {
        description: 'Address of an S3-compatible service. Absent: AWS.',
        example: 'http://127.0.0.1:9000',
      }),
      region: variable('S3_REGION', z.string().default('us-east-1'), {
        description: 'Region of the bucket.',
        example: 'ap-south-1',
      }),
      bucket: variable('S3_BUCKET', optional, { description: 'Bucket for files.', example: 'suvidha-files' }),
      accessKeyId: variable('S3_ACCESS_KEY_ID', optional, {
        description: 'Access key of the bucket. Absent: found as AWS tools find it.',
      }),
      secretAccessKey: variable('S3_SECRET_ACCESS_KEY', optional, {
        description: 'Secret of the access key.',
      }),
    },
  };
}

export type FileConfig = ConfigOf<ReturnType<typeof fileVariables>>;
