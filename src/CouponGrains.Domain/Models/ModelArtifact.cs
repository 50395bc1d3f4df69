using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CouponGrains.Domain.Models;

/// <summary>The file format of a model: safetensors (8 bytes header length, little-endian; a JSON header that names
/// each tensor's type, shape and place; the data, little-endian), with our own fields under <c>__metadata__</c>. Any
/// safetensors reader opens it.</summary>
/// <remarks>The first field of <c>__metadata__</c>, and so of the file, is <c>sha256</c>: the checksum of the whole
/// file with the 64 digits of this field taken as zeros. The other fields are <c>format</c>, <c>reference</c> and the
/// behaviour weights. Tensors: <c>item_factors</c> F (items, k), <c>history_weights</c> and <c>target_weights</c>
/// (items), <c>singular_values</c> (k), <c>popularity</c> (items), <c>user_factors</c> (users, k) where kept, all
/// others of the snapshot by their names (F32); where the model has neighbours, N by rows as <c>neighbour_starts</c>
/// (items + 1, I64), <c>neighbour_items</c> (entries, I32) and <c>neighbour_weights</c> (entries, F32); and
/// <c>items</c> and <c>users</c>: the ids of the rows as a JSON array in UTF-8 (U8). Where there is a response model,
/// its tensors are those of <see cref="Response.ResponseLayout"/> with <c>response.</c> before the name,
/// <c>response.shape</c>, <c>response.prior</c> and <c>response_vocabulary</c>, written like the ids. Format 1, which
/// is still read, had neither weights nor neighbours: it is a plain SVD.</remarks>
public static class ModelArtifact
{
    /// <summary>The value of the metadata field <c>format</c>. Beside it only <see cref="FormatOfPlainSvd"/> is
    /// read.</summary>
    public const string Format = "coupongrains-model/2";

    /// <summary>The format before: factors alone.</summary>
    public const string FormatOfPlainSvd = "coupongrains-model/1";

    internal const string Metadata = "__metadata__";
    internal const string ItemFactors = "item_factors";
    internal const string HistoryWeights = "history_weights";
    internal const string TargetWeights = "target_weights";
    internal const string NeighbourStarts = "neighbour_starts";
    internal const string NeighbourItems = "neighbour_items";
    internal const string NeighbourWeights = "neighbour_weights";
    internal const string SingularValues = "singular_values";
    internal const string Popularity = "popularity";
    internal const string UserFactors = "user_factors";
    internal const string Items = "items";
    internal const string Users = "users";
    internal const string ResponseVocabulary = "response_vocabulary";
    internal const string NoDigest = "0000000000000000000000000000000000000000000000000000000000000000";

    private static readonly byte[] HeaderStart = Encoding.ASCII.GetBytes("""{"__metadata__":{"sha256":""" + "\"");

    private static int DigestAt => sizeof(long) + HeaderStart.Length;

    /// <summary>Writes a model. The version is not inside: the store gives it.</summary>
    public static byte[] Write(ModelSnapshot model)
    {
        var artifact = ModelWriter.Write(model);
        Digest(artifact).CopyTo(artifact, DigestAt);
        return artifact;
    }

    /// <summary>Reads a model. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.ArtifactCorrupt"/> if
    /// a byte is missing, too many or changed, or if the parts do not fit together.</summary>
    public static ModelSnapshot Read(ReadOnlySpan<byte> artifact, ModelVersion version)
    {
        if (artifact.Length < DigestAt + NoDigest.Length
            || !artifact[sizeof(long)..DigestAt].SequenceEqual(HeaderStart))
        {
            throw Corrupt("it does not begin like a model");
        }

        if (!artifact.Slice(DigestAt, NoDigest.Length).SequenceEqual(Digest(artifact)))
        {
            throw Corrupt("its checksum does not fit");
        }

        try
        {
            return new ModelReader(artifact).Read(version);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or ArgumentException
            or InvalidOperationException or KeyNotFoundException)
        {
            throw Corrupt($"its parts do not fit together. {e.Message}");
        }
    }

    private static byte[] Digest(ReadOnlySpan<byte> artifact)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(artifact[..DigestAt]);
        sha.AppendData(Encoding.ASCII.GetBytes(NoDigest));
        sha.AppendData(artifact[(DigestAt + NoDigest.Length)..]);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(sha.GetHashAndReset()));
    }

    private static RefusedException Corrupt(string why) =>
        new(RefusalCodes.ArtifactCorrupt, $"The model artifact is corrupt: {why}");
}
