import { isUuid } from '@suvidha/db';
import { expect, it } from 'vitest';
import { demoPeople } from './index.ts';

it('has the people that the documented scripts log in as', () => {
  expect(Object.entries(demoPeople).map(([name, { phoneNumber }]) => [name, phoneNumber])).toEqual([
    ['customer', '+919876543210'],
    ['operator', '+919876543211'],
    ['admin', '+919876543212'],
  ]);
});

it('has different people under ids that databases take', () => {
  const people = Object.values(demoPeople);
  for (const key of ['id', 'username', 'phoneNumber', 'email'] as const)
    expect(new Set(people.map((person) => person[key])).size).toBe(people.length);
  expect(people.every(({ id }) => isUuid(id))).toBe(true);
});
