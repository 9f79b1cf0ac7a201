/** How the gateway misbehaves from now on. Omitted fields mean no misbehaviour. */
export interface GatewayWeather {
  /** Answers the upgrade to a WebSocket with this HTTP status. */
  refuseUpgrade?: number;
  /** Leaves the upgrade to a WebSocket without any answer. */
  ignoreUpgrade?: boolean;
  /** Never sends HELLO. */
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
  /** The `resume_gateway_url` of READY. */
  resumeUrl?: string;
  /** Sends READY, but no GUILD_CREATE after it. */
  withholdGuilds?: boolean;
}

export interface GatewayWeathers {
  /** Adds this misbehaviour; the returned function ends it. */
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
