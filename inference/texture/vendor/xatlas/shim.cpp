// Packs charts that are laid out already; units are texels. `placed` has room for two numbers a point.
#include "xatlas.h"

extern "C" bool texture_pack_charts(const float *points, uint32_t point_count, const uint32_t *corners,
        uint32_t corner_count, const uint32_t *chart_of_triangle, uint32_t padding, float *placed, uint32_t *extent) {
    xatlas::UvMeshDecl mesh;
    mesh.vertexUvData = points, mesh.vertexCount = point_count, mesh.vertexStride = 2 * sizeof(float);
    mesh.indexData = corners, mesh.indexCount = corner_count, mesh.indexFormat = xatlas::IndexFormat::UInt32;
    mesh.faceMaterialData = chart_of_triangle;
    xatlas::PackOptions options;
    options.texelsPerUnit = 1.0f, options.padding = padding;
    xatlas::Atlas *atlas = xatlas::Create();
    bool packed = xatlas::AddUvMesh(atlas, mesh) == xatlas::AddMeshError::Success;
    if (packed) {
        xatlas::ComputeCharts(atlas);
        xatlas::PackCharts(atlas, options);
        packed = atlas->meshCount == 1 && atlas->meshes[0].vertexCount == point_count;
    }
    if (packed) {
        extent[0] = atlas->width, extent[1] = atlas->height;
        for (uint32_t point = 0; point < point_count; point++) {
            const xatlas::Vertex &vertex = atlas->meshes[0].vertexArray[point];
            // A point of flat triangles only is in no chart: below 0 says so.
            placed[2 * point] = vertex.atlasIndex < 0 ? -1.0f : vertex.uv[0];
            placed[2 * point + 1] = vertex.atlasIndex < 0 ? -1.0f : vertex.uv[1];
        }
    }
    xatlas::Destroy(atlas);
    return packed;
}
