/** Notifications, as oslo.messaging's {@code messagingv2} driver publishes them. */
package dev.reseat.rpc.notification;
