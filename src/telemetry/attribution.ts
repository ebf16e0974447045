import type { Attribution } from "../spend/attribution.ts";
import type { Attributes } from "./otel.ts";

/** More metadata than this stays off the spans, whose attributes are limited to 128. */
const MAX_METADATA = 16;

/** Adds the attribution under the conventions' names where there are some, else under our own. */
export function addAttribution(attributes: Attributes, attribution: Attribution | undefined): void {
  if (attribution === undefined) return;
  const { user, session, team, project, key, tags } = attribution;
  if (user !== undefined) attributes["user.id"] = user;
  if (session !== undefined) attributes["session.id"] = session;
  if (team !== undefined) attributes["crosspoint.team.id"] = team;
  if (project !== undefined) attributes["crosspoint.project.id"] = project;
  if (key !== undefined) attributes["crosspoint.key.alias"] = key;
  if (tags !== undefined) attributes["crosspoint.tags"] = tags;
  addMetadata(attributes, "crosspoint.metadata.", attribution);
}

export function addMetadata(attributes: Attributes, prefix: string, { metadata }: Attribution): void {
  if (metadata === undefined) return;
  for (const [name, value] of Object.entries(metadata).slice(0, MAX_METADATA)) attributes[prefix + name] = value;
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
