import {
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { digest } from './digest.ts';

/** Choices made ahead by the test runner: when they run out all further ones are 0, which always means the least. */
export class Choices {
  readonly #tape: readonly number[];
  #next = 0;

  constructor(tape: readonly number[]) {
    this.#tape = tape;
  }

  below(limit: number): number {
    const value = this.#tape[this.#next++] ?? 0;
    return limit <= 0 ? 0 : value % limit;
  }

  chance(outOf: number): boolean {
    return this.below(outOf) === outOf - 1;
  }
}

export interface GeneratedQuery {
  readonly source: string;
  readonly variables: Record<string, unknown>;
}

const MAX_DEPTH = 7;

/** Writes an operation against the schema that uses all that a client may but `@defer`: most of them are valid. */
export function generateQuery(schema: GraphQLSchema, choices: Choices): GeneratedQuery {
  return new Generation(schema, choices).operation();
}

/** The same with `@defer` on about half of its fragments; without `@skip` and `@include` when that is asked for. */
export function generateDeferringQuery(
  schema: GraphQLSchema,
  choices: Choices,
  options: { readonly hasConditions: boolean },
): GeneratedQuery {
  return new DeferringGeneration(schema, choices, options).operation();
}

class Generation {
  protected readonly choices: Choices;
  readonly #schema: GraphQLSchema;
  readonly #definitions: string[] = [];
  readonly #variables: Record<string, unknown> = {};
  readonly #fragments: string[] = [];
  #fields = 0;

  constructor(schema: GraphQLSchema, choices: Choices) {
    this.#schema = schema;
    this.choices = choices;
  }

  operation(): GeneratedQuery {
    const mutation = this.#schema.getMutationType();
    const isMutation = mutation !== undefined && mutation !== null && this.choices.chance(8);
    const root = isMutation ? mutation : this.#schema.getQueryType()!;
    const body = this.#selectionSet(root, 0);
    const definitions = this.#definitions.length > 0 ? `(${this.#definitions.join(', ')})` : '';
    const keyword = isMutation ? 'mutation' : 'query';
    const name = this.choices.below(2) === 0 ? ' Generated' : '';
    return {
      source: [`${keyword}${name}${definitions} ${body}`, ...this.#fragments].join('\n'),
      variables: this.#variables,
    };
  }

  #selectionSet(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.choices.below(depth < 2 ? 5 : 4);
    const selections: string[] = [];
    for (let index = 0; index < count; index++) selections.push(this.#selection(type, depth));
    return `{ ${selections.join(' ')} }`;
  }

  #selection(type: GraphQLCompositeType, depth: number): string {
    const kind = this.choices.below(10);
    if (kind === 9) return `__typename${this.condition()}`;
    if (kind === 8 && depth === 0 && type === this.#schema.getQueryType()) return this.#introspection();
    if (kind >= 6 && depth < MAX_DEPTH) return this.#fragment(type, depth);
    return isObjectType(type) || isInterfaceType(type)
      ? this.#field(type.getFields(), depth)
      : this.#fragment(type, depth);
  }

  #introspection(): string {
    const types = Object.keys(this.#schema.getTypeMap());
    const name = types[this.choices.below(types.length)];
    return `__type(name: "${name}") { kind name fields { name type { name } } possibleTypes { name } }`;
  }

  #fragment(type: GraphQLCompositeType, depth: number): string {
    const condition = this.#relatedType(type);
    const body = this.#selectionSet(condition, depth + 1);
    if (this.choices.chance(4)) {
      const name = `F${this.#fragments.length}`;
      this.#fragments.push(`fragment ${name} on ${condition.name} ${body}`);
      return `...${name}${this.defer()}${this.condition()}`;
    }
    const on = condition === type && this.choices.chance(3) ? '' : ` on ${condition.name}`;
    return `...${on}${this.condition()}${this.defer()} ${body}`;
  }

  /** A type that some objects of the given type have: itself, one of its members, or an interface they share. */
  #relatedType(type: GraphQLCompositeType): GraphQLCompositeType {
    const members = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [type];
    const interfaces = members.flatMap((member) => member.getInterfaces());
    const related = [...new Set<GraphQLCompositeType>([...members, type, ...interfaces])];
    return related[this.choices.below(related.length)] ?? type;
  }

  #field(fields: Record<string, GraphQLField<unknown, unknown>>, depth: number): string {
    this.#fields += 1;
    const isEnough = depth >= MAX_DEPTH || this.#fields > 60;
    const all = Object.values(fields);
    const simple = all.filter(({ type }) => !isCompositeType(getNamedType(type)));
    const candidates = isEnough ? simple : all;
    const field = candidates[this.choices.below(candidates.length)];
    if (!field) return '__typename';
    const args = this.#arguments(field.args);
    const type = getNamedType(field.type);
    const body = isCompositeType(type) ? ` ${this.#selectionSet(type, depth + 1)}` : '';
    return `${this.#alias(field, args)}${field.name}${args}${this.condition()}${body}`;
  }

  /** The alias follows from field and arguments, so that equal names nearly always mean equal fields. */
  #alias(field: GraphQLField<unknown, unknown>, args: string): string {
    if (!args && !this.choices.chance(6)) return '';
    const names = ['constructor', 'a', 'toString', 'alias', '__proto__x', 'b'];
    const suffix = digest(field.name, String(field.type), args) % 1000;
    if (args && this.choices.chance(3)) return '';
    return this.choices.chance(12)
      ? '__proto__: '
      : `${names[this.choices.below(names.length)]}_${field.name}${suffix}: `;
  }

  protected condition(): string {
    if (!this.choices.chance(8)) return '';
    const directive = this.choices.below(2) === 0 ? 'include' : 'skip';
    return ` @${directive}(if: ${this.choices.below(3) === 0 ? this.choices.chance(2) : this.flag()})`;
  }

  /** What a fragment says of being deferred. */
  protected defer(): string {
    return '';
  }

  protected flag(): string {
    const name = `flag${this.choices.below(3)}`;
    const value = this.choices.below(3);
    if (!this.#definitions.some((definition) => definition.startsWith(`$${name}:`))) {
      this.#definitions.push(value === 2 ? `$${name}: Boolean! = true` : `$${name}: Boolean!`);
      if (value !== 2 || this.choices.chance(2)) this.#variables[name] = value === 1;
    }
    return `$${name}`;
  }

  #arguments(args: readonly GraphQLArgument[]): string {
    const given = args.filter((arg) => isNonNullType(arg.type) || this.choices.chance(2));
    const texts = given.map((arg) => `${arg.name}: ${this.#argument(arg.type)}`);
    return texts.length > 0 ? `(${texts.join(', ')})` : '';
  }

  #argument(type: GraphQLInputType): string {
    if (!this.choices.chance(3)) return this.#literal(type, 0);
    const name = `v${this.#definitions.length}`;
    this.#definitions.push(`$${name}: ${String(type)}`);
    this.#variables[name] = this.#value(type, 0);
    return `$${name}`;
  }

  #literal(type: GraphQLInputType, depth: number): string {
    return toLiteral(this.#value(type, depth), type);
  }

  #value(type: GraphQLInputType, depth: number): unknown {
    if (isNonNullType(type)) return this.#value(type.ofType, depth);
    if (isListType(type))
      return Array.from({ length: this.choices.below(3) }, () => this.#value(type.ofType, depth));
    if (isEnumType(type)) return type.getValues()[this.choices.below(type.getValues().length)]?.name;
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isNonNullType(field.type) || (depth < 2 && this.choices.chance(2)),
      );
      return Object.fromEntries(fields.map((field) => [field.name, this.#value(field.type, depth + 1)]));
    }
    if (type.name === 'Int') return this.choices.below(5);
    if (type.name === 'Boolean') return this.choices.below(2) === 1;
    if (type.name === 'ID') return `Thing:${this.choices.below(4)}`;
    return `text ${this.choices.below(4)}`;
  }
}

class DeferringGeneration extends Generation {
  readonly #hasConditions: boolean;
  #labels = 0;

  constructor(schema: GraphQLSchema, choices: Choices, options: { readonly hasConditions: boolean }) {
    super(schema, choices);
    this.#hasConditions = options.hasConditions;
  }

  protected override condition(): string {
    return this.#hasConditions ? super.condition() : '';
  }

  protected override defer(): string {
    switch (this.choices.below(8)) {
      case 1:
      case 2:
        return ' @defer';
      case 3:
        this.#labels += 1;
        return ` @defer(label: "label ${this.#labels}")`;
      case 4:
        return ` @defer(if: ${this.flag()})`;
      case 5:
        return ` @defer(if: ${this.choices.chance(2)})`;
      default:
        return '';
    }
  }
}

function toLiteral(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return toLiteral(value, type.ofType);
  if (Array.isArray(value) && isListType(type))
    return `[${value.map((one) => toLiteral(one, type.ofType)).join(', ')}]`;
  if (isEnumType(type)) return String(value);
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    const members = Object.entries(value as object).map(
      ([name, one]) => `${name}: ${toLiteral(one, fields[name]!.type)}`,
    );
    return `{${members.join(', ')}}`;
  }
  return JSON.stringify(value);
}
