// Given names from many places; family names that nobody bears.

export const givenNames = `
Abena Adil Agnieszka Aino Aisling Akio Alinta Amadou Amara Anahera Andrej Anouk Arash Ariadne Asha Astrid Ayodele Azra Babajide Beatriz
Bodil Branwen Callum Camille Catalin Chidi Ciara Cosmina Dafydd Dalisay Damaris Daniyar Deepa Dilan Dimitra Donal Ebele Edvard Eilidh Elif
Emeka Esra Etienne Fadma Farouk Fenna Fionn Florin Gethin Ghislaine Giorgos Goran Gwenllian Habiba Halima Hana Haruki Henrike Hinemoa Hoang
Ianto Ibrahim Idris Ilse Ines Ioana Isandro Ivana Jacinta Jalil Jasper Jelena Jin Joao Kalani Kamal Katarzyna Keiko Kerensa Khadija Kofi Kwame
Laszlo Leila Leonie Linnea Lorcan Ludmila Maeve Malik Manuela Marek Marisol Matteo Mbali Meera Milan Miriam Mungo Nadia Naveen Neema Niamh Nikolai
Nneka Odile Olamide Ondrej Oona Orla Osman Padma Pania Parveen Pascal Petra Quang Quirin Rafaela Ranjit Renske Rhiannon Rohan Rosalind Ruairi
Saburo Salome Samira Sanjay Saoirse Selin Senga Shirin Siobhan Sunniva Tamsin Tariq Teresa Thandi Tobias Tomasz Ulrike Umar Urszula Valeria Vikram
Wanjiru Wilhelmina Wiremu Xanthe Xiomara Yannick Yaw Yelena Yewande Yusuf Zainab Zdenka Zeynep Zofia Zuri`
  .trim()
  .split(/\s+/)

export const familyNames = `
Abernook Alderquill Amberwick Anvilstead Applegarrow Ashenvale Baskervane Bellwether-Oak Birchenhow Bluntisham-Vey Bramblethorne Brightwhistle
Candlemere Cloudesworth Cobblewick Copperglade Corvane Crabtreeling Crumblehulme Daffodown Dovetallow Drumlinmoor Dustywell Elderpath Emberfold
Fallowmere Featherstrand Fennimoss Fiddlewood Flintersby Foxhollin Galewright Gingerfell Glimmerdale Goosefoot-Lane Greywether Hallowmarsh
Harrowquay Hazelbrook-Tarn Heatherquist Hollinbeck Inkpenrose Ironmonger-Vale Jackdawes Junipergate Kestrelton Kettlebank Kingfishery Lanternby
Larkenhowe Limpetson Lovelace-Mire Mallowbridge Marlinspike Merrowdown Mizzlecombe Moonwhistle Mossingham-Ray Muddlecote Nettleship-Orr Nightjarrow
Oakenpool Obuvale Otterspool-Finn Owlerton-Bay Paddlesworth-Ide Pebblewright Pennywhistler Plumberrow Puddifern Quaymaster Quillfeather Quincewell
Ravensnook Reedwarble Ropewalker Rushlight Saltonby Sandpiperly Seagrave-Lune Shellycoat Silverloom Skylarkin Slatequarry Snowberrie Sparrowmill
Starlingford Stormcrow-Hythe Tallowby Tamarisk-Dell Teaselworth Thimblewick Thistledown Tidewright Tinderbox-Hay Toadflax Turnstoney Umberleigh-Foss
Vetchling Waterlily-Crane Weathercote Whinberry Widdershin Willowherbert Windlestraw Wintergreene Wobblestone Wrenfield Yarrowby Yewtreeling
Zephyrcombe`
  .trim()
  .split(/\s+/)
