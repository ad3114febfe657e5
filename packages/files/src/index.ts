export { type FileConfig, fileVariables } from './config.ts';
export { type ContentType, contentTypes } from './content/content-type.ts';
export type { DownloadOptions, OpenedFile } from './download/download.service.ts';
export { FileError, type FileErrorCode, fileErrorCodes } from './file.error.ts';
export type { StoredFile } from './file.record.ts';
export { createFiles, type Files, type FilesOptions } from './files.ts';
export {
  createLocalMasterKeys,
  type MasterKey,
  type MasterKeys,
  type WrappedKey,
} from './keys/master-keys.ts';
export { type OpenFilesOptions, openFiles } from './open-files.ts';
export type { FilePurpose, UninspectedContent } from './purpose.ts';
export { type ClamdOptions, createClamdScanner } from './scanner/clamd.scanner.ts';
export type { ContentScanner, Scan, ScanVerdict } from './scanner/content-scanner.ts';
export { createDiskStorage } from './storage/disk.storage.ts';
export { type ListedObject, ObjectNotFoundError, type ObjectStorage } from './storage/object-storage.ts';
export { createS3Storage, type S3Options } from './storage/s3.storage.ts';
export type { NewContent, NewUpload, Upload } from './upload/upload.service.ts';
export type { Disposition } from './url-signer.ts';
