import type { BusEvent } from '../local/event-bus/bus-event.ts';
import type { EventBus } from '../src/publish/ports.ts';

/** A feed's bus, to be closed after use. */
export type OpenBus = EventBus & { close(): Promise<void> };

/** Opens the bus of a feed; one on this machine hands over what it accepts, and has no other subscriber. */
export type BusOpening = (onEvent: (event: BusEvent) => Promise<void>) => Promise<OpenBus>;
