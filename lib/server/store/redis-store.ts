import { BoundedMap } from '../../bounded-map.ts';
import type { Store } from '../../memory/store.ts';
import { codeOf } from '../fault.ts';

/** A store in Redis or Valkey. */
export interface RedisStore extends Store {
  /** Closes the connection. */
  close(): void;
}

/** Milliseconds. */
const connectTimeout = 5000;
const longestPause = 2000;
/** Commands that wait for their answers; more are refused. */
const mostCommands = 10_000;
/** Milliseconds after which the expiry of a value that was read is put off again, so that not each request does it for each value. */
const renewal = 600_000;

/**
 * Returns a store in the Redis or Valkey server at this URL (`redis://` or `rediss://`), with the package `redis`, which is loaded only now. The
 * connection is made again whenever it is lost; without one each call of the store fails at once.
 *
 * @throws Error with one line for the operator if the package is not installed.
 */
export async function openRedisStore(url: string): Promise<RedisStore> {
  const { createClient, RESP_TYPES } = await loadPackage();
  const connection = createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: mostCommands,
    socket: { connectTimeout, reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 10), longestPause) },
  });
  let fault: unknown;
  // the first requests should find a connection, if there can be one
  await new Promise<void>((resolve) => {
    connection.on('error', (error: unknown) => {
      fault = error;
      resolve();
    });
    connection.on('ready', () => {
      fault = undefined;
      resolve();
    });
    connection.connect().catch((error: unknown) => {
      fault = error;
      resolve();
    });
  });
  const client = connection.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  /** The values whose expiry was put off lately, with the seconds that they live. */
  const renewed = new BoundedMap<string, number>({ limit: 50_000, lifetime: renewal, now: Date.now });

  /** Says why there is no connection, not only that there is none. */
  const withReason = (error: unknown): Error => (fault instanceof Error ? fault : (error as Error));

  return {
    async get(keys) {
      try {
        const values = (await client.mGet([...keys])) as (Buffer | null)[];
        for (const [at, value] of values.entries()) if (value) renew(keys[at]!);
        return values;
      } catch (error) {
        throw withReason(error);
      }
    },
    async set(key, value, seconds) {
      try {
        await client.set(key, Buffer.from(value.buffer, value.byteOffset, value.length), { expiration: { type: 'EX', value: seconds } });
        renewed.set(key, seconds);
      } catch (error) {
        throw withReason(error);
      }
    },
    close: () => connection.destroy(),
  };

  function renew(key: string): void {
    if (renewed.get(key) !== undefined) return;
    renewed.set(key, hour);
    client.expire(key, hour).catch(() => {});
  }
}

/** Seconds. What another proxy wrote is kept as long as it would be by this one. */
const hour = 3600;

async function loadPackage(): Promise<typeof import('redis')> {
  try {
    return await import('redis');
  } catch (error) {
    if (codeOf(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(
      '--store needs the package redis, which is not installed: npm install redis, with -g if openai-proxy was installed with it',
      {
        cause: error,
      },
    );
  }
}
