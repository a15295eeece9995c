/**
 * How a Node.js that runs the engine is started. A heap that begins small is collected hundreds of times while mail pours in: a sixth of all CPU
 * time of a first capture; and one thread that helps to collect is as good as four on a laptop that has other work for its cores. glibc keeps an arena of freed memory for each thread unless told otherwise: 40 to 80 MB.
 */
export const engineFlags = ['--initial-heap-size=256', '--v8-pool-size=1']

/** @type {Record<string, string>} */
export const engineEnvironment = process.platform === 'linux' ? { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '262144' } : {}
