/** pdf.js's own worker, in the thread that loads it: it leaves what it does where pdf.js looks for it. */
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
