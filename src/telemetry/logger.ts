/** Where lines are written: a logger of pino fits as it is. Fields that are unknown are `undefined`. */
export interface Logger {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
