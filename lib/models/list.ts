/** A model as `/v1/models` lists it, with exactly these keys: some clients fail on more. */
export interface WireModel {
  id: string;
  object: 'model';
  /** Seconds since 1970, whole. */
  created: number;
  owned_by: string;
}

/** A model, and where and how long it is shown. */
export interface ListedModel extends WireModel {
  /** Which ports show it; its name decides if not given. */
  mode?: 'chat' | 'responses' | 'both';
  /** When it shuts down, in seconds since 1970: from then on it is not shown. */
  shutdown?: number;
}

/** OpenAI's chat models as of November 2026, by the days of their release and of their announced shutdown, without dated snapshots. */
const released: readonly (readonly [day: string, shutdown: string, ids: string])[] = [
  ['2026-10-26', '', 'gpt-6.1-terra'],
  ['2026-09-29', '', 'gpt-6.1-sol'],
  ['2026-09-22', '', 'gpt-6-sol gpt-6-luna'],
  ['2026-09-03', '', 'gpt-6-astra'],
  ['2026-07-09', '', 'gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna'],
  ['2026-05-05', '', 'chat-latest'],
  ['2026-04-23', '', 'gpt-5.5 gpt-5.5-pro'],
  ['2026-03-17', '', 'gpt-5.4-mini'],
  ['2026-03-17', '2027-04-01', 'gpt-5.4-nano'],
  ['2026-03-05', '', 'gpt-5.4 gpt-5.4-pro'],
  ['2026-02-23', '', 'gpt-audio-1.5'],
  ['2026-02-05', '', 'gpt-5.3-codex'],
  ['2025-12-11', '', 'gpt-5.2 gpt-5.2-pro'],
  ['2025-11-13', '2027-04-01', 'gpt-5.1'],
  ['2025-10-14', '', 'gpt-5-search-api'],
  ['2025-10-06', '2026-12-11', 'gpt-5-pro'],
  ['2025-08-07', '2026-12-11', 'gpt-5 gpt-5-mini gpt-5-nano'],
  ['2025-06-10', '2026-12-11', 'o3-pro'],
  ['2025-04-16', '2026-12-11', 'o3'],
  ['2025-04-14', '2027-01-14', 'gpt-4.1 gpt-4.1-mini'],
  ['2024-07-18', '2027-01-14', 'gpt-4o-mini'],
  ['2024-05-13', '2027-01-14', 'gpt-4o'],
];

/** The models that are listed if no other list is given, the latest first. */
export const builtInModels: readonly ListedModel[] = released.flatMap(([day, shutdown, ids]) =>
  ids.split(' ').map((id) => ({
    id,
    object: 'model' as const,
    created: secondsOf(day),
    owned_by: 'openai',
    ...(shutdown && { shutdown: secondsOf(shutdown) }),
  })),
);

function secondsOf(day: string): number {
  return Date.parse(day) / 1000;
}
