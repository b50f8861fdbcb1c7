// Distortions on a map: clusters made by the server, what stands alone by its status.
import { clusterIcon, statusIcon } from "./basemap.js";

const L = window.L;
const DEEPEST = 19;

/**
 * Show what *params* ask for in the part of the map that is seen; *open* is called with one.
 * Return a function that takes it off the map again.
 */
export function showPoints(map, element, params, open) {
  const points = L.layerGroup().addTo(map);
  const part = element.parentElement.querySelector(".map-part");
  let newest = 0;
  const load = async () => {
    const turn = ++newest;
    const box = map.getBounds().pad(0.1);
    const asked = new URLSearchParams(params);
    asked.set("bbox", [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((n) => n.toFixed(6)).join());
    asked.set("zoom", Math.round(map.getZoom()));
    const answer = await fetch(`${element.dataset.clusters}?${asked}`);
    if (!answer.ok || turn !== newest) return;
    const { clusters, capped } = await answer.json();
    part.textContent = capped ? element.dataset.part : "";
    points.clearLayers();
    for (const found of clusters) points.addLayer(marker(map, element, found, open));
  };
  map.on("moveend", load);
  load();
  return () => {
    newest += 1; // an answer that is still on its way comes too late
    map.off("moveend", load);
    points.remove();
    part.textContent = "";
  };
}

function marker(map, element, found, open) {
  const place = [found.lat, found.lon];
  if (found.count > 1) {
    const title = element.dataset.clusterTitle.replace("0", found.count);
    return L.marker(place, { icon: clusterIcon(found.count, found.kinds), title, alt: title }).on("click", () =>
      map.setView(place, Math.min(map.getZoom() + 2, DEEPEST)),
    );
  }
  const words = element.dataset[`status${found.status}`] || "";
  return L.marker(place, {
    icon: statusIcon(element.dataset.icons, found.status, found.late),
    title: found.element_name,
    alt: [found.element_name, words].filter(Boolean).join(", "),
  }).on("click", () => open({ ...found, words, href: element.dataset.caseUrl.replace("NUMBER", found.number) }));
}
