#pragma once

/* Geometries of GeoJSON (RFC 7946 §3.1) as shapes, read strictly: longitude before latitude, rings
 * that close, lines of two positions at least, and no line that spans half the earth, because it
 * would not be known which way round (§3.1.9: cut it at the antimeridian). */

#include "feed/json_feed.h"
#include "geo/geo.h"

/* What is wrong is for piece_fail. A null geometry, or one without a position, is no shape. */
struct geo_shape geometry_read(struct piece *piece, const struct foreign *geometry);

/* RFC 7946 §4 knows one system, WGS 84 with longitude first. An old file may say so by "crs";
 * one that says anything else is refused, and EPSG:4326, too, unless it is known (`lon_lat`) that
 * longitude stands first there. */
void geometry_check_system(struct piece *piece, const struct foreign *object, bool lon_lat);
