import { describe, expect, it } from 'vitest';
import { sliceMember } from './json-member.ts';

describe('sliceMember', () => {
  it.each([
    ['{"body":{"a":1}}', '{"a":1}'],
    ['{"head":{"body":"no"},"body":{"a":[1,{"b":"}"}]},"z":0}', '{"a":[1,{"b":"}"}]}'],
    [' { "head" : [ "{" , "," ] , "body" : { "u" : "\\/\\"}" } } ', '{ "u" : "\\/\\"}" }'],
    ['{"body":1.0}', '1.0'],
    ['{"bo\\u0064y":"x"}', '"x"'],
    ['{"a":"body","body":null}', 'null'],
  ])('of %s is %s', (json, expected) => {
    expect(sliceMember(json, 'body')).toBe(expected);
  });

  it.each(['', '[]', 'null', '{"head":1}', '{"head":{"body":1}}', '{"body":', '{}'])(
    'is not in %j',
    (json) => {
      expect(sliceMember(json, 'body')).toBeNull();
    },
  );
});
