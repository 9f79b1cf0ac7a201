/** How the gateway treats what comes to it from now on. What is left out goes well. */
export interface GatewayWeather {
  /** Answers the upgrade to a WebSocket with this HTTP status. */
  refuseUpgrade?: number;
  /** Leaves the upgrade to a WebSocket without any answer. */
  ignoreUpgrade?: boolean;
  /** Greets no connection. */
  withholdHello?: boolean;
  /** Acknowledges no heartbeat. */
  withholdHeartbeatAcks?: boolean;
  /** Leaves RESUME without any answer, while heartbeats are acknowledged. */
  ignoreResume?: boolean;
  /** Answers each RESUME with an invalid session, which may be resumed. */
  doubtResume?: boolean;
  /** Counts an IDENTIFY as a start of the day, and ends the connection with this code. */
  closeAtIdentify?: number;
  /** Counts an IDENTIFY, and leaves it without any answer. */
  ignoreIdentify?: boolean;
  /** What READY says that the session is resumed at. */
  resumeUrl?: string;
  /** Says READY, and tells of no server after it. */
  withholdGuilds?: boolean;
}

export interface GatewayWeathers {
  /** Adds to the weather; the function returned takes it away. */
  add(weather: GatewayWeather): () => void;
  now(): GatewayWeather;
}

export function createGatewayWeathers(): GatewayWeathers {
  const all = new Set<GatewayWeather>();
  return {
    add(weather) {
      const own = { ...weather };
      all.add(own);
      return () => all.delete(own);
    },
    now: () => Object.assign({}, ...all),
  };
}
