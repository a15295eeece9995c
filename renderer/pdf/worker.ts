/** pdf.js's own worker, as a script of its own. */
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
