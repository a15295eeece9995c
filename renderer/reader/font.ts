/**
 * The letters of messages, on the screen and on paper. Latin before Chinese: the Latin letters of fonts for Chinese have no Polish accents of their own, and
 * put them beside the letter. The window's own are in ui/tokens.css.
 */
export const FONT =
  '-apple-system, "Segoe UI", Inter, Cantarell, Ubuntu, "Noto Sans", "Liberation Sans", "DejaVu Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
