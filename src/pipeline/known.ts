import type { Book } from "../models/book.ts";
import type { Groups } from "../router/groups.ts";
import type { Handler, Stage } from "./stage.ts";

/**
 * Lets a call wait, once, for the rest of the catalogue when it may lead to a model that is not known without it. `onCall` hears of every call
 * before that.
 */
export function createKnown(groups: Groups, book: Book, onCall?: () => void): Stage {
  return (next) => {
    const later: Handler = async (request, context) => {
      await book.load();
      return next(request, context);
    };
    return function known(request, context) {
      onCall?.();
      return groups.isKnown(request.model, context.fallbacks) ? next(request, context) : later(request, context);
    };
  };
}
