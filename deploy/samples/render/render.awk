# Renders one tile of a scene: rays against spheres and a checkered floor, with shadows and mirrors.
# Reads the scene file named on the command line, takes the tile from ATHANOR_TASK_INDEX and writes it as a plain PPM
# (P3) to OUT (default /out/tile-<index>.ppm). Only + - * / are used, which IEEE 754 rounds the same way everywhere, so the
# same tile has the same bytes on every machine; the root is Newton's, since a small busybox has no mathematics.

/^[ \t]*(#|$)/ { next }
$1 == "size"   { width = $2; height = $3 }
$1 == "tiles"  { columns = $2; rows = $3 }
$1 == "eye"    { ex = $2; ey = $3; ez = $4 }
$1 == "light"  { lx = $2; ly = $3; lz = $4 }
$1 == "sphere" {
    n++
    cx[n] = $2; cy[n] = $3; cz[n] = $4; radius[n] = $5
    red[n] = $6; green[n] = $7; blue[n] = $8; mirror[n] = $9 / 100
}

# Square root by Newton's method from above; ends when it no longer falls.
function root(v,    a, b) {
    if (v <= 0) return 0
    a = (v > 1) ? v : 1
    for (;;) {
        b = (a + v / a) / 2
        if (b >= a) return a
        a = b
    }
}

# Nearest sphere hit by a ray: sets hit (0 where none) and distance.
function nearest(ox, oy, oz, dx, dy, dz,    i, qx, qy, qz, b, c, d, t) {
    hit = 0
    distance = 1000000
    for (i = 1; i <= n; i++) {
        qx = ox - cx[i]; qy = oy - cy[i]; qz = oz - cz[i]
        b = qx * dx + qy * dy + qz * dz
        c = qx * qx + qy * qy + qz * qz - radius[i] * radius[i]
        d = b * b - c
        if (d > 0) {
            t = -b - root(d)
            if (t > 0.001 && t < distance) { distance = t; hit = i }
        }
    }
}

# Colour seen along a ray: sets r, g, b in 0..255.
function trace(ox, oy, oz, dx, dy, dz, depth,    i, t, px, py, pz, nx, ny, nz, vx, vy, vz, len, shade, k, m, br, bg, bb) {
    nearest(ox, oy, oz, dx, dy, dz)
    i = hit
    t = distance
    if (dy < 0) {
        k = (-0.4 - oy) / dy
        if (k > 0.001 && k < t) { t = k; i = -1 }
    }
    if (i == 0) {
        k = (dy + 1) / 2
        r = 250 - 130 * k; g = 244 - 90 * k; b = 236 - 20 * k
        return
    }
    px = ox + dx * t; py = oy + dy * t; pz = oz + dz * t
    if (i < 0) {
        nx = 0; ny = 1; nz = 0; m = 0.1
        k = floor(px) + floor(pz)
        if (k - 2 * floor(k / 2) == 0) { br = 225; bg = 220; bb = 210 } else { br = 120; bg = 116; bb = 112 }
    } else {
        nx = (px - cx[i]) / radius[i]; ny = (py - cy[i]) / radius[i]; nz = (pz - cz[i]) / radius[i]
        br = red[i]; bg = green[i]; bb = blue[i]; m = mirror[i]
    }
    vx = lx - px; vy = ly - py; vz = lz - pz
    len = root(vx * vx + vy * vy + vz * vz)
    vx = vx / len; vy = vy / len; vz = vz / len
    shade = nx * vx + ny * vy + nz * vz
    if (shade < 0) shade = 0
    nearest(px, py, pz, vx, vy, vz)
    if (hit > 0 && distance < len) shade = shade * 0.25
    shade = 0.25 + 0.75 * shade
    br = br * shade; bg = bg * shade; bb = bb * shade
    if (m > 0 && depth < 3) {
        k = 2 * (dx * nx + dy * ny + dz * nz)
        trace(px, py, pz, dx - k * nx, dy - k * ny, dz - k * nz, depth + 1)
        r = br * (1 - m) + r * m; g = bg * (1 - m) + g * m; b = bb * (1 - m) + b * m
    } else {
        r = br; g = bg; b = bb
    }
}

function floor(x,    k) {
    k = int(x)
    return (k > x) ? k - 1 : k
}

END {
    tile = ENVIRON["ATHANOR_TASK_INDEX"] + 0
    if (width < 1 || columns < 1 || tile >= columns * rows) {
        print "render: the scene has no tile " tile > "/dev/stderr"
        exit 2
    }
    out = ENVIRON["OUT"]
    if (out == "") out = sprintf("/out/tile-%02d.ppm", tile)
    w = int(width / columns); h = int(height / rows)
    x0 = (tile % columns) * w; y0 = int(tile / columns) * h
    printf "P3\n%d %d\n255\n", w, h > out
    for (y = y0; y < y0 + h; y++) {
        for (x = x0; x < x0 + w; x++) {
            dx = (x + 0.5 - width / 2) / height; dy = (height / 2 - y - 0.5) / height; dz = 1
            len = root(dx * dx + dy * dy + dz * dz)
            trace(ex, ey, ez, dx / len, dy / len, dz / len, 0)
            printf "%d %d %d\n", int(r), int(g), int(b) > out
        }
        if ((y - y0) % 20 == 19) printf "tile %d: %d of %d rows\n", tile, y - y0 + 1, h
    }
    close(out)
    printf "tile %d: wrote %s\n", tile, out
}
