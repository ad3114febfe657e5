import { assertUser } from '@suvidha/auth';
import { AppError } from '@suvidha/errors';
import { RequireAuth, type SubgraphContext, withUserErrors } from '@suvidha/subgraph';
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { ArchiveLinks } from './archive-link.ts';
import type { DataExportService } from './data-export.service.ts';
import type { ErasureService } from './erasure.service.ts';
import {
  DataExportType,
  DeleteMyAccountInput,
  DeleteMyAccountPayload,
  ExportMyDataInput,
  ExportMyDataPayload,
} from './privacy.type.ts';

export interface PrivacyServices {
  readonly exports: DataExportService;
  readonly erasures: ErasureService;
  readonly archiveLinks: ArchiveLinks;
}

type DataExport = Omit<DataExportType, 'url'>;

@Resolver()
export class PrivacyResolver {
  readonly #services: PrivacyServices;

  constructor(services: PrivacyServices) {
    this.#services = services;
  }

  @Query(() => [DataExportType], {
    nullable: true,
    description: 'The copies of your data that are made or ready, the newest first; at most twenty.',
  })
  @RequireAuth()
  async myDataExports(@Ctx() { actor }: SubgraphContext): Promise<DataExportType[]> {
    const exports = await this.#services.exports.list(assertUser(actor));
    return exports.map((dataExport) => this.#toType(dataExport));
  }

  @Mutation(() => ExportMyDataPayload, {
    nullable: true,
    description:
      'Makes a copy of everything that is known of you. Asked again within a day, it is the same one.',
  })
  @RequireAuth()
  exportMyData(
    @Arg('input', () => ExportMyDataInput, { nullable: true, description: 'Nothing is needed.' })
    _input: ExportMyDataInput | null,
    @Ctx() caller: SubgraphContext,
  ) {
    return withUserErrors<{ dataExport: DataExportType | null }>({ dataExport: null }, async () => ({
      dataExport: this.#toType(await this.#services.exports.request(caller, assertUser(caller.actor))),
    }));
  }

  @Mutation(() => DeleteMyAccountPayload, {
    nullable: true,
    description:
      'Closes your account for good and erases what is known of you. Records of money stay, without your name.',
  })
  @RequireAuth()
  deleteMyAccount(
    @Arg('input', () => DeleteMyAccountInput, { description: 'That you mean it.' })
    { isFinal }: DeleteMyAccountInput,
    @Ctx() caller: SubgraphContext,
  ) {
    if (!isFinal)
      throw new AppError('BAD_USER_INPUT', 'isFinal must be true.', { field: ['input', 'isFinal'] });
    return withUserErrors<{ requestedAt: Date | null }>({ requestedAt: null }, async () => {
      const { requestedAt } = await this.#services.erasures.request(caller, assertUser(caller.actor));
      return { requestedAt };
    });
  }

  #toType(dataExport: DataExport): DataExportType {
    const { id, requestedAt, completedAt, expiresAt } = dataExport;
    const url = completedAt && this.#services.archiveLinks.create(id);
    return { id, requestedAt, completedAt, expiresAt, url };
  }
}
