namespace CouponGrains.Domain.Models;

/// <summary>The file format of a model: safetensors (8 bytes header length, little-endian; a JSON header that names each
/// tensor's type, shape and place; the data, little-endian), with the checksum of the data and our own fields under
/// <c>__metadata__</c>. Any safetensors reader opens it.</summary>
public static class ModelArtifact
{
    /// <summary>Writes a model. The version is not inside: the store gives it.</summary>
    public static byte[] Write(ModelSnapshot model) => throw new NotImplementedException();

    /// <summary>Reads a model. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.ArtifactCorrupt"/> if a
    /// byte is missing, too many or changed.</summary>
    public static ModelSnapshot Read(ReadOnlySpan<byte> artifact, ModelVersion version) => throw new NotImplementedException();
}
