/**
 * Storage backends and what a driver has to be able to do. Knows no RPC and no database; of the services' contracts
 * only the words for evidence and outcome. One sub-room per driver; drivers never see each other.
 */
package dev.reseat.volume.driver;
