import type { Attribution } from "../spend/attribution.ts";
import type { Attributes } from "./otel.ts";

/** More metadata than this stays off the spans, whose attributes are limited to 128. */
const MAX_METADATA = 16;

/** Attribution under the conventions' names where there are some, else under our own. */
export function attributionAttributes(attribution: Attribution | undefined): Attributes {
  const attributes: Attributes = {};
  if (attribution === undefined) return attributes;
  const { user, session, team, project, key, tags } = attribution;
  if (user !== undefined) attributes["user.id"] = user;
  if (session !== undefined) attributes["session.id"] = session;
  if (team !== undefined) attributes["crosspoint.team.id"] = team;
  if (project !== undefined) attributes["crosspoint.project.id"] = project;
  if (key !== undefined) attributes["crosspoint.key.alias"] = key;
  if (tags !== undefined) attributes["crosspoint.tags"] = tags;
  return withMetadata(attributes, "crosspoint.metadata.", attribution);
}

export function withMetadata(attributes: Attributes, prefix: string, { metadata }: Attribution): Attributes {
  if (metadata === undefined) return attributes;
  for (const [name, value] of Object.entries(metadata).slice(0, MAX_METADATA)) attributes[prefix + name] = value;
  return attributes;
}

/** Team, project, user and metadata as one object. */
export function labelsOf({ user, session, team, project, metadata }: Attribution): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(metadata ?? {}).slice(0, MAX_METADATA)),
    ...(user === undefined ? undefined : { user_id: user }),
    ...(session === undefined ? undefined : { session_id: session }),
    ...(team === undefined ? undefined : { team }),
    ...(project === undefined ? undefined : { project }),
  };
}
