import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { create, type Font } from 'fontkit';
import type { TextStyle } from '../style.ts';
import { createLogicalFont } from './logical-font.ts';

type Weight = TextStyle['weight'];

const { resolve } = createRequire(import.meta.url);

/** Noto Sans: Latin, Greek, Cyrillic and Devanagari, with the signs of our currencies. What it lacks is an empty box. */
const files: Record<Weight, string> = {
  regular: '@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf',
  semibold: '@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf',
};

let loading: Promise<[Weight, Font][]> | undefined;

/** The house fonts for one document, by the name it knows them by. The files are read once per process. */
export async function createFonts(): Promise<[Weight, Font][]> {
  loading ??= readFonts();
  return (await loading).map(([weight, font]) => [weight, createLogicalFont(font)]);
}

function readFonts(): Promise<[Weight, Font][]> {
  const weights = Object.keys(files) as Weight[];
  return Promise.all(
    weights.map(async (weight) => [weight, create(await readFile(resolve(files[weight]))) as Font]),
  );
}
