import type { EmbedderName } from '../../domain/providers.ts';
import type { ProviderSettings } from '../providers/provider-settings.ts';

/** Which embedder and how to reach it: one shape from flags, winnow.yaml and library options down to the client. */
export interface EmbedderSettings
  extends Pick<ProviderSettings, 'model' | 'baseUrl' | 'apiKey' | 'keySource' | 'price'> {
  readonly kind: EmbedderName;
}
