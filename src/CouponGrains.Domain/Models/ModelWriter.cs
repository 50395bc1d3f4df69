using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace CouponGrains.Domain.Models;

/// <summary>Lays a model out as <see cref="ModelArtifact"/> describes, without its checksum.</summary>
internal static class ModelWriter
{
    internal static byte[] Write(ModelSnapshot model)
    {
        var floats = FloatTensors(model);
        List<(string Name, byte[] Bytes)> texts =
            [(ModelArtifact.Items, Ids(model.Factors.Items.Select(i => i.Value)))];
        if (model.Users is { } users)
        {
            texts.Add((ModelArtifact.Users, Ids(users.Users.Select(u => u.Value))));
        }

        var header = Header(model, floats, texts, out var dataLength);
        var artifact = new byte[checked((int)(sizeof(long) + header.Length + dataLength))];
        BinaryPrimitives.WriteInt64LittleEndian(artifact, header.Length);
        header.CopyTo(artifact, sizeof(long));
        var rest = artifact.AsSpan(sizeof(long) + header.Length);
        foreach (var (_, tensor) in floats)
        {
            WriteFloats(tensor.Values, rest);
            rest = rest[(sizeof(float) * tensor.Values.Length)..];
        }

        foreach (var (_, bytes) in texts)
        {
            bytes.CopyTo(rest);
            rest = rest[bytes.Length..];
        }

        return artifact;
    }

    private static List<(string Name, ModelTensor Tensor)> FloatTensors(ModelSnapshot model)
    {
        var (items, rank) = (model.Factors.Items.Count, model.Factors.Rank);
        List<(string Name, ModelTensor Tensor)> tensors =
        [
            (ModelArtifact.ItemFactors, new([items, rank], model.Factors.Values)),
            (ModelArtifact.SingularValues, new([rank], model.SingularValues)),
            (ModelArtifact.Popularity, new([items], model.Popularity)),
        ];
        if (model.Users is { } users)
        {
            tensors.Add((ModelArtifact.UserFactors, new([users.Users.Count, users.Rank], users.Values)));
        }

        foreach (var (name, tensor) in model.Tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            if (ModelReader.IsOwnName(name))
            {
                throw new ArgumentException($"The tensor name '{name}' is taken by the format.", nameof(model));
            }

            tensors.Add((name, tensor));
        }

        foreach (var (name, tensor) in tensors)
        {
            if (tensor.Shape.Aggregate(1L, (product, size) => product * size) != tensor.Values.Length)
            {
                throw new ArgumentException(
                    $"The shape of '{name}' does not fit its {tensor.Values.Length} values.", nameof(model));
            }
        }

        return tensors;
    }

    private static byte[] Header(
        ModelSnapshot model, List<(string Name, ModelTensor Tensor)> floats, List<(string Name, byte[] Bytes)> texts,
            out long length)
    {
        using var stream = new MemoryStream();
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteStartObject(ModelArtifact.Metadata);
        json.WriteString("sha256", ModelArtifact.NoDigest);
        json.WriteString("format", ModelArtifact.Format);
        json.WriteString("reference", model.Reference.ToString("O"));
        json.WriteString("weight_view", model.Weights.View.ToString("R"));
        json.WriteString("weight_cart", model.Weights.Cart.ToString("R"));
        json.WriteString("weight_purchase", model.Weights.Purchase.ToString("R"));
        json.WriteString("weight_refund", model.Weights.Refund.ToString("R"));
        json.WriteString("half_life", model.Weights.HalfLife.ToString("c"));
        json.WriteEndObject();
        length = 0;
        foreach (var (name, tensor) in floats)
        {
            WriteEntry(json, name, "F32", tensor.Shape, sizeof(float) * (long)tensor.Values.Length, ref length);
        }

        foreach (var (name, bytes) in texts)
        {
            WriteEntry(json, name, "U8", [bytes.Length], bytes.Length, ref length);
        }

        json.WriteEndObject();
        json.Flush();
        while (stream.Length % 8 != 0)
        {
            stream.WriteByte((byte)' '); // So that the data begins aligned.
        }

        return stream.ToArray();
    }

    private static void WriteEntry(
        Utf8JsonWriter json, string name, string type, IReadOnlyList<int> shape, long bytes, ref long offset)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", type);
        json.WriteStartArray("shape");
        foreach (var size in shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        offset += bytes;
        json.WriteNumberValue(offset);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFloats(ReadOnlySpan<float> values, Span<byte> to)
    {
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(to);
            return;
        }

        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(to[(sizeof(float) * i)..], values[i]);
        }
    }

    private static byte[] Ids(IEnumerable<string> ids) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(ids));
}
