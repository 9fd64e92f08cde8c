/**
 * Making a device of this host reachable over iSCSI, for drivers whose volumes are such devices. One sub-room per
 * target program; they never see each other, and know of drivers only how those fail.
 */
package dev.reseat.volume.target;
