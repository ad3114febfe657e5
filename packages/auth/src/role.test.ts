import { describe, expect, it } from 'vitest';
import { anonymous, assertUser } from './actor.ts';
import { Role, scopesOf } from './role.ts';

describe('scopesOf', () => {
  it('gives customers none', () => {
    expect(scopesOf([Role.USER])).toEqual([]);
    expect(scopesOf([])).toEqual([]);
  });

  it('lets admins do what operators do, and manage people; operators not', () => {
    const [operator, admin] = [scopesOf([Role.OPERATOR]), scopesOf([Role.ADMIN])];
    expect(admin).toEqual(expect.arrayContaining(operator));
    expect(admin).toContain('user:admin');
    expect(operator).not.toContain('user:admin');
  });

  it('names each once', () => {
    const scopes = scopesOf([Role.USER, Role.OPERATOR, Role.ADMIN]);
    expect(new Set(scopes).size).toBe(scopes.length);
  });
});

describe('assertUser', () => {
  it.each([anonymous, { kind: 'service', service: 'payments' } as const])('refuses $kind', (actor) => {
    expect(() => assertUser(actor)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });
});
