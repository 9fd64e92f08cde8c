/**
 * Bulk repairs: which volumes, within which limits, who works on them. Stands on the use cases, which repair one volume
 * each and know nothing of jobs.
 */
package dev.reseat.api.job;
