package io.rowrelay.producer.capture;

/**
 * The cluster that a session is on.
 *
 * @param systemIdentifier which its standbys share
 * @param timeline which a promotion raises; 0 when it is not known
 */
public record SourceCluster(long systemIdentifier, int timeline) {}
