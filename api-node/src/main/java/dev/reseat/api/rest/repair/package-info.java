/**
 * Reseat's own API, {@code /reseat/v1}: block device mappings, resets and refreshes with their reports, and the
 * journal. For administrators only.
 */
package dev.reseat.api.rest.repair;
