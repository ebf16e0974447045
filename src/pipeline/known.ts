import type { Book } from "../models/book.ts";
import type { Groups } from "../router/groups.ts";
import type { Stage } from "./stage.ts";

/**
 * Lets a call wait, once, for the rest of the catalogue when it may lead to a model that is not known without it. `onCall` hears of every call
 * before that.
 */
export function createKnown(groups: Groups, book: Book, onCall?: () => void): Stage {
  return (next) =>
    function known(request, context) {
      onCall?.();
      if (groups.isKnown(request.model, context.fallbacks)) return next(request, context);
      return book.load().then(() => next(request, context));
    };
}
