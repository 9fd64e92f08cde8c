/**
 * Reseat's own API, {@code /reseat/v1}: diagnoses, findings, repairs of one volume and jobs of many, block device
 * mappings, and the journal. For administrators, unless a policy says otherwise.
 */
package dev.reseat.api.rest.repair;
