"""The sphere: great circles, and polygons whose edges are arcs of them, exactly.

All is unit vectors in three dimensions, so the antimeridian does not exist and the poles are ordinary points.
The sphere is within 0.6 % of the ellipsoid, and no flown track is a great circle anyway. numpy is imported in
this package alone and costs start-up time: whoever needs ``areas``, ``outlines`` or ``passages`` imports them
where they are used. Nothing here knows flights, ratings or files.
"""
