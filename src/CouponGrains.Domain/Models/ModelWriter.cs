using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CouponGrains.Domain.Models.Response;

namespace CouponGrains.Domain.Models;

/// <summary>Lays a model out as <see cref="ModelArtifact"/> describes, without its checksum.</summary>
internal static class ModelWriter
{
    internal static byte[] Write(ModelSnapshot model)
    {
        var parts = Parts(model);
        var header = Header(model, parts, out var dataLength);
        var artifact = new byte[checked((int)(sizeof(long) + header.Length + dataLength))];
        BinaryPrimitives.WriteInt64LittleEndian(artifact, header.Length);
        header.CopyTo(artifact, sizeof(long));
        var rest = artifact.AsSpan(sizeof(long) + header.Length);
        foreach (var part in parts)
        {
            part.Write(rest);
            rest = rest[(int)part.Length..];
        }

        return artifact;
    }

    /// <summary>Turns little-endian numbers into the machine's, and back.</summary>
    internal static void Swap<T>(Span<byte> bytes)
        where T : unmanaged
    {
        for (var at = 0; !BitConverter.IsLittleEndian && at < bytes.Length; at += Marshal.SizeOf<T>())
        {
            bytes.Slice(at, Marshal.SizeOf<T>()).Reverse();
        }
    }

    /// <summary>The tensors in the order of the file: the widest numbers first, so that all lie aligned.</summary>
    private static List<Part> Parts(ModelSnapshot model)
    {
        var (count, neighbours) = (model.Factors.Items.Count, model.Neighbours);
        if (neighbours.Count != count && neighbours != ItemNeighbours.None)
        {
            throw new ArgumentException(
                $"There are {neighbours.Count} lists of neighbours for {count} items.", nameof(model));
        }

        List<Part> parts = [];
        if (neighbours != ItemNeighbours.None)
        {
            parts.Add(Part.Of(ModelArtifact.NeighbourStarts, "I64", [count + 1], neighbours.Starts));
            parts.Add(Part.Of(ModelArtifact.NeighbourItems, "I32", [neighbours.Items.Length], neighbours.Items));
        }

        parts.AddRange(FloatTensors(model).Select(t => Part.Of(t.Name, "F32", t.Tensor.Shape, t.Tensor.Values)));
        parts.Add(Ids(ModelArtifact.Items, model.Factors.Items.Select(i => i.Value)));
        if (model.Users is { } users)
        {
            parts.Add(Ids(ModelArtifact.Users, users.Users.Select(u => u.Value)));
        }

        if (model.Response is { } response)
        {
            parts.Add(Ids(ModelArtifact.ResponseVocabulary, response.Vocabulary));
        }

        return parts;
    }

    private static List<(string Name, ModelTensor Tensor)> FloatTensors(ModelSnapshot model)
    {
        var (items, rank) = (model.Factors.Items.Count, model.Factors.Rank);
        List<(string Name, ModelTensor Tensor)> tensors =
        [
            (ModelArtifact.ItemFactors, new([items, rank], model.Factors.Values)),
            (ModelArtifact.HistoryWeights, new([items], model.HistoryWeights)),
            (ModelArtifact.TargetWeights, new([items], model.TargetWeights)),
            (ModelArtifact.SingularValues, new([rank], model.SingularValues)),
            (ModelArtifact.Popularity, new([items], model.Popularity)),
        ];
        if (model.Neighbours is var neighbours && neighbours != ItemNeighbours.None)
        {
            tensors.Add((ModelArtifact.NeighbourWeights, new([neighbours.Weights.Length], neighbours.Weights)));
        }

        if (model.Users is { } users)
        {
            tensors.Add((ModelArtifact.UserFactors, new([users.Users.Count, users.Rank], users.Values)));
        }

        if (model.Response is { } response)
        {
            tensors.AddRange(ResponseTensors.Of(response));
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

    private static byte[] Header(ModelSnapshot model, List<Part> parts, out long length)
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
        foreach (var part in parts)
        {
            WriteEntry(json, part, ref length);
        }

        json.WriteEndObject();
        json.Flush();
        while (stream.Length % 8 != 0)
        {
            stream.WriteByte((byte)' '); // So that the data begins aligned.
        }

        return stream.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, Part part, ref long offset)
    {
        json.WriteStartObject(part.Name);
        json.WriteString("dtype", part.Type);
        json.WriteStartArray("shape");
        foreach (var size in part.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        offset += part.Length;
        json.WriteNumberValue(offset);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static Part Ids(string name, IEnumerable<string> ids)
    {
        var json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(ids));
        return Part.Of(name, "U8", [json.Length], json);
    }

    /// <summary>A tensor of the file.</summary>
    private sealed record Part(string Name, string Type, IReadOnlyList<int> Shape, long Length, SpanAction Write)
    {
        internal static Part Of<T>(string name, string type, IReadOnlyList<int> shape, T[] values)
            where T : unmanaged => new(name, type, shape, (long)values.Length * Marshal.SizeOf<T>(), to =>
        {
            var bytes = MemoryMarshal.AsBytes(values.AsSpan());
            bytes.CopyTo(to);
            Swap<T>(to[..bytes.Length]);
        });
    }

    private delegate void SpanAction(Span<byte> to);
}
