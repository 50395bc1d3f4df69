using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CouponGrains.Domain.Models;
using CouponGrains.Domain.Profiles;

namespace CouponGrains.Domain.Tests.Models;

public sealed class ModelArtifactTests
{
    private static readonly ModelSnapshot Model = Samples.SpectralModel(items: 9, rank: 5, seed: 1, users: 7) with
    {
        Weights = new() { View = 0.1, Cart = 1.0 / 3, Refund = 0.75, HalfLife = TimeSpan.FromDays(31.5) },
        Tensors = new Dictionary<string, ModelTensor> { ["generator.0.weight"] = new([2, 3], [1, 2, 3, 4, 5, 6.5f]) },
    };

    [Fact]
    public void A_model_is_read_as_it_was_written()
    {
        var read = ModelArtifact.Read(ModelArtifact.Write(Model), new(7));

        Assert.Equal(new ModelVersion(7), read.Version);
        Assert.Equal(Model.Factors.Items, read.Factors.Items);
        Assert.Equal(Model.Factors.Rank, read.Factors.Rank);
        Assert.Equal(Model.Factors.Values, read.Factors.Values);
        Assert.Equal(Model.HistoryWeights, read.HistoryWeights);
        Assert.Equal(Model.TargetWeights, read.TargetWeights);
        Assert.NotEmpty(read.Neighbours.Items);
        Assert.Equal(Model.Neighbours.Starts, read.Neighbours.Starts);
        Assert.Equal(Model.Neighbours.Items, read.Neighbours.Items);
        Assert.Equal(Model.Neighbours.Weights, read.Neighbours.Weights);
        Assert.Equal(Model.SingularValues, read.SingularValues);
        Assert.Equal(Model.Popularity, read.Popularity);
        Assert.Equal(Model.Weights, read.Weights);
        Assert.Equal(Model.Reference, read.Reference);
        Assert.Equal(Model.Users!.Users, read.Users!.Users);
        Assert.Equal(Model.Users.Values, read.Users.Values);
        var tensor = Assert.Single(read.Tensors);
        Assert.Equal("generator.0.weight", tensor.Key);
        Assert.Equal([2, 3], tensor.Value.Shape);
        Assert.Equal([1, 2, 3, 4, 5, 6.5f], tensor.Value.Values);
    }

    [Fact]
    public void A_model_without_users_is_read_without_users() =>
        Assert.Null(ModelArtifact.Read(ModelArtifact.Write(Model with { Users = null }), new(1)).Users);

    [Fact]
    public void A_model_written_before_refunds_had_a_weight_counts_them_as_it_was_trained()
    {
        var artifact = ModelArtifact.Write(Model with { Weights = new() { Purchase = 3, Refund = 0.75 } });
        var old = ModelArtifact.Read(WithoutField(artifact, "weight_refund"), new(1));
        Assert.Equal(new BehaviourWeights { Purchase = 3, Refund = 3 }, old.Weights);
        Assert.Equal(Model.Factors.Values, old.Factors.Values);
    }

    [Fact]
    public void A_plain_SVD_is_read_with_weights_of_one_and_without_neighbours()
    {
        var plain = ModelArtifact.Read(ModelArtifact.Write(Samples.Model(items: 3, rank: 2, seed: 1)), new(1));
        Assert.Equal([1, 1, 1], plain.HistoryWeights);
        Assert.Equal([1, 1, 1], plain.TargetWeights);
        Assert.Equal(0, plain.Neighbours.Count);
    }

    [Fact]
    public void A_model_of_format_1_is_read_as_a_plain_SVD()
    {
        var artifact = Convert.FromHexString(File.ReadAllText(Path.Combine(
            AppContext.BaseDirectory, "Models", "Fixtures", "model-format-1.hex")).ReplaceLineEndings(""));
        Assert.Contains(ModelArtifact.FormatOfPlainSvd, Encoding.ASCII.GetString(artifact), StringComparison.Ordinal);
        var read = ModelArtifact.Read(artifact, new(1));
        var written = Samples.Model(items: 3, rank: 2, seed: 1, users: 2);
        Assert.Equal(written.Factors.Items, read.Factors.Items);
        Assert.Equal(written.Factors.Values, read.Factors.Values);
        Assert.Equal(written.Users!.Values, read.Users!.Values);
        Assert.Equal([1, 1, 1], read.HistoryWeights);
        Assert.Equal([1, 1, 1], read.TargetWeights);
        Assert.Equal(0, read.Neighbours.Count);
        artifact[^1] ^= 1;
        AssertCorrupt(artifact);
    }

    [Theory]
    [InlineData("neighbour_starts", 1, 99L)] // Behind the end of the entries.
    [InlineData("neighbour_starts", 0, 1L)]
    [InlineData("neighbour_starts", 4, -1L)]
    [InlineData("neighbour_items", 2, 9L)] // There are 9 items, 0 to 8.
    [InlineData("neighbour_items", 2, -1L)]
    public void Neighbours_that_make_no_matrix_are_refused(string tensor, int place, long value)
    {
        Assert.NotEmpty(ModelArtifact.Read(With("neighbour_starts", 0, 0), new(1)).Neighbours.Items);
        AssertCorrupt(With(tensor, place, value));
    }

    [Fact]
    public void Neighbours_and_weights_that_are_not_numbers_are_refused()
    {
        var weights = (float[])Model.Neighbours.Weights.Clone();
        weights[1] = float.PositiveInfinity;
        AssertCorrupt(ModelArtifact.Write(
            Model with { Neighbours = new(Model.Neighbours.Starts, Model.Neighbours.Items, weights) }));
        foreach (var bad in (float[])[float.NaN, -0.5f])
        {
            AssertCorrupt(ModelArtifact.Write(Model with { HistoryWeights = [.. Model.HistoryWeights[1..], bad] }));
            AssertCorrupt(ModelArtifact.Write(Model with { TargetWeights = [bad, .. Model.TargetWeights[1..]] }));
        }
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes() =>
        Assert.Equal(ModelArtifact.Write(Model), ModelArtifact.Write(Model));

    [Fact]
    public void Every_changed_byte_is_found()
    {
        var artifact = ModelArtifact.Write(Model);
        for (var i = 0; i < artifact.Length; i++)
        {
            foreach (var flip in (ReadOnlySpan<byte>)[0x01, 0x20, 0x80, 0xFF])
            {
                artifact[i] ^= flip;
                AssertCorrupt(artifact);
                artifact[i] ^= flip;
            }
        }
    }

    [Fact]
    public void Every_missing_or_extra_byte_is_found()
    {
        var artifact = ModelArtifact.Write(Model);
        for (var length = 0; length < artifact.Length; length++)
        {
            AssertCorrupt(artifact.AsSpan(0, length).ToArray());
        }

        AssertCorrupt([.. artifact, 0]);
        AssertCorrupt([0, .. artifact]);
    }

    [Fact]
    public void Values_that_are_not_numbers_are_refused()
    {
        var popularity = (float[])Model.Popularity.Clone();
        popularity[3] = float.NaN;
        AssertCorrupt(ModelArtifact.Write(Model with { Popularity = popularity }));
    }

    [Fact]
    public void Parts_that_do_not_fit_together_are_refused() =>
        AssertCorrupt(ModelArtifact.Write(Model with { Users = new([Samples.Ann], 3, [1, 2, 3]) }));

    [Fact]
    public void A_model_whose_parts_do_not_fit_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => ModelArtifact.Write(Model with { SingularValues = [1, 2] }));
        Assert.Throws<ArgumentException>(() => ModelArtifact.Write(
            Model with { Tensors = new Dictionary<string, ModelTensor> { ["items"] = new([1], [1]) } }));
    }

    [Fact]
    public void A_model_whose_neighbours_or_weights_are_of_other_items_is_not_written()
    {
        Assert.Throws<ArgumentException>(() => ModelArtifact.Write(
            Model with { Neighbours = Samples.Neighbours(8, (_, _) => 1) }));
        Assert.Throws<ArgumentException>(() => ModelArtifact.Write(Model with { TargetWeights = [1] }));
    }

    [Fact]
    public void A_plain_safetensors_reader_finds_every_tensor()
    {
        var artifact = ModelArtifact.Write(Model);
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(artifact);
        using var header = JsonDocument.Parse(Encoding.UTF8.GetString(artifact, 8, headerLength));
        var data = artifact.AsMemory(8 + headerLength);
        Assert.Equal(0, (8 + headerLength) % 8);

        var end = 0;
        foreach (var entry in header.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__"))
        {
            var offsets = entry.Value.GetProperty("data_offsets");
            Assert.Equal(end, offsets[0].GetInt32());
            end = offsets[1].GetInt32();
        }

        Assert.Equal(data.Length, end);
        Assert.All(header.RootElement.GetProperty("__metadata__").EnumerateObject(),
            field => Assert.Equal(JsonValueKind.String, field.Value.ValueKind));
        var place = header.RootElement.GetProperty("singular_values").GetProperty("data_offsets")[0].GetInt32();
        Assert.Equal(Model.SingularValues[0], BinaryPrimitives.ReadSingleLittleEndian(data.Span[place..]));
        var items = header.RootElement.GetProperty("items").GetProperty("data_offsets");
        var json = data[items[0].GetInt32()..items[1].GetInt32()];
        Assert.Equal(Model.Factors.Items.Select(i => i.Value), JsonSerializer.Deserialize<string[]>(json.Span));
    }

    // The same file with one field of the metadata left out, its checksum made anew.
    private static byte[] WithoutField(byte[] artifact, string name)
    {
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(artifact);
        var text = Encoding.UTF8.GetString(artifact, 8, length);
        var from = text.IndexOf($",\"{name}\":\"", StringComparison.Ordinal);
        var header = text.Remove(from, text.IndexOf('"', from + name.Length + 5) + 1 - from).PadRight(length);
        var old = (byte[])artifact.Clone();
        Encoding.UTF8.GetBytes(header, old.AsSpan(8));
        var digestAt = 8 + text.IndexOf("sha256", StringComparison.Ordinal) + 9;
        old.AsSpan(digestAt, 64).Fill((byte)'0');
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(old)), old.AsSpan(digestAt));
        return old;
    }

    /// <summary>The artifact with one number of a tensor changed and a checksum that fits.</summary>
    private static byte[] With(string tensor, int place, long value)
    {
        var artifact = ModelArtifact.Write(Model);
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(artifact);
        using var header = JsonDocument.Parse(artifact.AsMemory(8, headerLength));
        var entry = header.RootElement.GetProperty(tensor);
        var size = entry.GetProperty("dtype").GetString() == "I64" ? 8 : 4;
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, value);
        number[..size].CopyTo(artifact.AsSpan(
            8 + headerLength + entry.GetProperty("data_offsets")[0].GetInt32() + (size * place)));
        var digest = artifact.AsSpan(Encoding.ASCII.GetString(artifact).IndexOf("sha256", StringComparison.Ordinal) + 9, 64);
        Encoding.ASCII.GetBytes(new string('0', 64), digest);
        Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(artifact)), digest);
        return artifact;
    }

    private static void AssertCorrupt(byte[] artifact)
    {
        var refused = Assert.Throws<RefusedException>(() => ModelArtifact.Read(artifact, new(1)));
        Assert.Equal(RefusalCodes.ArtifactCorrupt, refused.Refusal.Code);
    }
}
